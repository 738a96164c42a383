-- AlterTable
ALTER TABLE "timers" ADD COLUMN     "pauses" JSONB NOT NULL DEFAULT '[]',
ADD COLUMN     "snoozed_at" TIMESTAMPTZ(3),
ADD COLUMN     "stopped_at" TIMESTAMPTZ(3);

-- CreateTable
CREATE TABLE "agreement_proposals" (
    "id" TEXT NOT NULL,
    "workspace_id" TEXT NOT NULL,
    "base_version" INTEGER NOT NULL,
    "source" TEXT NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'open',
    "version" INTEGER,
    "in_force_from" TIMESTAMPTZ(3),
    "proposed_by_id" TEXT,
    "proposed_at" TIMESTAMPTZ(3) NOT NULL,
    "withdrawn_by_id" TEXT,
    "withdrawn_at" TIMESTAMPTZ(3),
    "channel_id" TEXT,
    "ts" TEXT,

    CONSTRAINT "agreement_proposals_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "agreement_signatures" (
    "proposal_id" TEXT NOT NULL,
    "side" TEXT NOT NULL,
    "by_id" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "agreement_signatures_pkey" PRIMARY KEY ("proposal_id","side")
);

-- CreateIndex
CREATE INDEX "agreement_proposals_workspace_id_proposed_at_idx" ON "agreement_proposals"("workspace_id", "proposed_at");

-- AddForeignKey
ALTER TABLE "agreement_signatures" ADD CONSTRAINT "agreement_signatures_proposal_id_fkey" FOREIGN KEY ("proposal_id") REFERENCES "agreement_proposals"("id") ON DELETE CASCADE ON UPDATE CASCADE;
