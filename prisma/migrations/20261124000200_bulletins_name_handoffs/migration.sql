-- which handoffs a digest names, and that it is to be deleted since one of their leads was erased
ALTER TABLE "bulletins" ADD COLUMN "handoff_ids" TEXT[] DEFAULT ARRAY[]::TEXT[],
ADD COLUMN "withdrawn" BOOLEAN NOT NULL DEFAULT false;

-- CreateIndex
CREATE INDEX "bulletins_naming" ON "bulletins" USING GIN ("handoff_ids");
