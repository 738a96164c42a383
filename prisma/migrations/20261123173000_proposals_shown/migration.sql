-- AlterTable
ALTER TABLE "agreement_proposals" ADD COLUMN     "redraw_at" TIMESTAMPTZ(3),
ADD COLUMN     "revision" INTEGER NOT NULL DEFAULT 1,
ADD COLUMN     "uncertain" BOOLEAN NOT NULL DEFAULT false;

-- CreateIndex
CREATE INDEX "agreement_proposals_to_redraw" ON "agreement_proposals"("redraw_at") WHERE (redraw_at is not null);
