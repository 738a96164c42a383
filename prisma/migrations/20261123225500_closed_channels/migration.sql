-- channels that Baton may not speak in, so that people are told of it once
CREATE TABLE "closed_channels" (
    "workspace_id" TEXT NOT NULL,
    "channel" TEXT NOT NULL,
    "error" TEXT NOT NULL,
    "since" TIMESTAMPTZ(3) NOT NULL,
    "told_at" TIMESTAMPTZ(3),
    "held_until" TIMESTAMPTZ(3),
    "uncertain" BOOLEAN NOT NULL DEFAULT false,
    "opened_at" TIMESTAMPTZ(3),

    CONSTRAINT "closed_channels_pkey" PRIMARY KEY ("workspace_id","channel")
);

-- CreateIndex
CREATE INDEX "deliveries_parked" ON "deliveries"("workspace_id", "stream") WHERE (state = 'parked');
