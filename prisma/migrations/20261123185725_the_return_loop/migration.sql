-- DropIndex
DROP INDEX "handoffs_lead_id_idx";

-- AlterTable
ALTER TABLE "handoffs" ADD COLUMN     "accepted_by_id" TEXT,
ADD COLUMN     "came_from" TEXT,
ADD COLUMN     "deal" JSONB,
ADD COLUMN     "previous" JSONB,
ADD COLUMN     "restarted_at" TIMESTAMPTZ(3),
ADD COLUMN     "round" INTEGER NOT NULL DEFAULT 1,
ADD COLUMN     "what_changed" TEXT;

-- AlterTable
ALTER TABLE "users" ADD COLUMN     "group_role" TEXT,
ADD COLUMN     "role_set_at" TIMESTAMPTZ(3),
ADD COLUMN     "role_set_by_id" TEXT,
ADD COLUMN     "slack_admin" BOOLEAN NOT NULL DEFAULT false;

-- CreateTable
CREATE TABLE "lead_changes" (
    "id" BIGSERIAL NOT NULL,
    "workspace_id" TEXT NOT NULL,
    "lead_id" TEXT NOT NULL,
    "handoff_id" TEXT,
    "version" INTEGER,
    "what" TEXT NOT NULL,
    "from" TEXT,
    "to" TEXT NOT NULL,
    "rule" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "by_id" TEXT,

    CONSTRAINT "lead_changes_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "lead_changes_lead_id_id_idx" ON "lead_changes"("lead_id", "id");

-- CreateIndex
CREATE INDEX "events_rulings" ON "events"("workspace_id", "id") WHERE (type = 'ReturnRuled');

-- What was handed over more than once until now gets its rounds, each with how the one before ended.
WITH "rounds" AS (
    SELECT "id", "lead_id", "lead_status", "returned",
        row_number() OVER (PARTITION BY "lead_id" ORDER BY "created_at", "id")::int AS "round"
    FROM "handoffs"
)
UPDATE "handoffs" h SET "round" = this."round",
    "previous" = before."returned" - 'by'
        || jsonb_build_object('handoffId', before."id", 'leadStatus', before."lead_status")
FROM "rounds" this
JOIN "rounds" before ON before."lead_id" = this."lead_id" AND before."round" = this."round" - 1
WHERE h."id" = this."id";

-- Until now a lead that was accepted stayed with who accepted it, or a late one went to the next owner.
UPDATE "handoffs" h SET "accepted_by_id" = e."by_id"
FROM "events" e WHERE e."handoff_id" = h."id" AND e."type" = 'Accepted';

-- How marketing answered a return was told by its clock alone.
UPDATE "handoffs" h SET "returned" = h."returned" || '{"answer": "acknowledged"}'
WHERE h."returned" IS NOT NULL
    AND EXISTS (SELECT FROM "events" e WHERE e."handoff_id" = h."id" AND e."type" = 'ReturnAnswered');
UPDATE "handoffs" h SET "returned" = h."returned" || '{"answer": "handed-over-again"}'
FROM "handoffs" after
WHERE h."returned" IS NOT NULL AND after."lead_id" = h."lead_id" AND after."round" = h."round" + 1;

-- CreateIndex
CREATE UNIQUE INDEX "handoffs_round_of_lead" ON "handoffs"("lead_id", "round");

-- CreateIndex
CREATE INDEX "handoffs_open_of_owner" ON "handoffs"("workspace_id", "owner_id") WHERE (status = ANY (ARRAY['offered'::text, 'accepted'::text, 'connected'::text, 'qualified'::text]));

-- CreateIndex
CREATE INDEX "handoffs_back" ON "handoffs"("workspace_id", "created_at", "id") WHERE ((status = ANY (ARRAY['returned'::text, 'unresponsive'::text])) AND ((returned ->> 'answer'::text) IS DISTINCT FROM 'handed-over-again'::text));

-- AddForeignKey
ALTER TABLE "lead_changes" ADD CONSTRAINT "lead_changes_lead_id_fkey" FOREIGN KEY ("lead_id") REFERENCES "leads"("id") ON DELETE CASCADE ON UPDATE CASCADE;
