-- a handoff to try Baton with, apart from the real ones so that it counts nowhere
CREATE TABLE "test_handoffs" (
    "workspace_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "lead_type" TEXT NOT NULL,
    "agreement_version" INTEGER NOT NULL,
    "channel" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "remove_at" TIMESTAMPTZ(3) NOT NULL,
    "answer" TEXT,
    "answered_by_id" TEXT,
    "answered_at" TIMESTAMPTZ(3),
    "channel_id" TEXT,
    "ts" TEXT,
    "held_until" TIMESTAMPTZ(3),

    CONSTRAINT "test_handoffs_pkey" PRIMARY KEY ("workspace_id")
);
