-- AlterTable
ALTER TABLE "api_keys" ADD COLUMN     "expires_at" TIMESTAMPTZ(3),
ADD COLUMN     "last_used_at" TIMESTAMPTZ(3),
ADD COLUMN     "scopes" TEXT[] DEFAULT ARRAY[]::TEXT[];

-- AlterTable
ALTER TABLE "attempts" ADD COLUMN     "crm_id" TEXT;

-- AlterTable
ALTER TABLE "handoffs" ADD COLUMN     "news" JSONB,
ADD COLUMN     "score" JSONB;

-- AlterTable
ALTER TABLE "leads" ADD COLUMN     "above_threshold" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "crossings" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "journey_scored" TEXT,
ADD COLUMN     "lead_type" TEXT,
ADD COLUMN     "score" JSONB,
ADD COLUMN     "score_due_at" TIMESTAMPTZ(3);

-- AlterTable
ALTER TABLE "users" ADD COLUMN     "off_duty_at" TIMESTAMPTZ(3);

-- CreateTable
CREATE TABLE "imports" (
    "workspace_id" TEXT NOT NULL,
    "sha256" TEXT NOT NULL,
    "asked" TEXT NOT NULL,
    "kept_rows" INTEGER NOT NULL DEFAULT 0,
    "done_rows" INTEGER NOT NULL DEFAULT 0,
    "created" INTEGER NOT NULL DEFAULT 0,
    "changed" INTEGER NOT NULL DEFAULT 0,
    "unchanged" INTEGER NOT NULL DEFAULT 0,
    "bad" INTEGER NOT NULL DEFAULT 0,
    "handed_over" INTEGER NOT NULL DEFAULT 0,
    "handed_before" INTEGER NOT NULL DEFAULT 0,
    "bad_bytes" BIGINT NOT NULL DEFAULT 0,
    "started_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "imports_pkey" PRIMARY KEY ("workspace_id","sha256","asked")
);

-- CreateTable
CREATE TABLE "activities" (
    "id" BIGSERIAL NOT NULL,
    "workspace_id" TEXT NOT NULL,
    "lead_id" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "properties" JSONB NOT NULL DEFAULT '{}',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "activities_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "crm_writes" (
    "workspace_id" TEXT NOT NULL,
    "lead_id" TEXT NOT NULL,
    "due_at" TIMESTAMPTZ(3),
    "held_until" TIMESTAMPTZ(3),
    "tries" INTEGER NOT NULL DEFAULT 0,
    "error" TEXT,

    CONSTRAINT "crm_writes_pkey" PRIMARY KEY ("lead_id")
);

-- CreateTable
CREATE TABLE "crm_contacts" (
    "workspace_id" TEXT NOT NULL,
    "system" TEXT NOT NULL,
    "contact_id" TEXT NOT NULL,
    "lead_id" TEXT,
    "version" INTEGER NOT NULL DEFAULT 1,
    "due_at" TIMESTAMPTZ(3),
    "held_until" TIMESTAMPTZ(3),
    "tries" INTEGER NOT NULL DEFAULT 0,
    "error" TEXT,
    "mark" TEXT,
    "hand_over_key" TEXT,
    "erasure_at" TIMESTAMPTZ(3),

    CONSTRAINT "crm_contacts_pkey" PRIMARY KEY ("workspace_id","system","contact_id")
);

-- CreateTable
CREATE TABLE "rotations" (
    "workspace_id" TEXT NOT NULL,
    "lead_type" TEXT NOT NULL,
    "turns" JSONB NOT NULL DEFAULT '{}',
    "version" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "rotations_pkey" PRIMARY KEY ("workspace_id","lead_type")
);

-- CreateTable
CREATE TABLE "webhook_endpoints" (
    "id" TEXT NOT NULL,
    "workspace_id" TEXT NOT NULL,
    "url" TEXT NOT NULL,
    "secret" TEXT NOT NULL,
    "events" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "disabled_at" TIMESTAMPTZ(3),
    "busy_until" TIMESTAMPTZ(3),
    "holder" TEXT,
    "failures" INTEGER NOT NULL DEFAULT 0,
    "failing_since" TIMESTAMPTZ(3),

    CONSTRAINT "webhook_endpoints_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "webhook_deliveries" (
    "id" BIGSERIAL NOT NULL,
    "workspace_id" TEXT NOT NULL,
    "endpoint_id" TEXT NOT NULL,
    "event_id" BIGINT,
    "handoff" JSONB,
    "body" TEXT,
    "state" TEXT NOT NULL DEFAULT 'pending',
    "tries" INTEGER NOT NULL DEFAULT 0,
    "next_try_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "answer" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "sent_at" TIMESTAMPTZ(3),

    CONSTRAINT "webhook_deliveries_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "activities_lead_id_at_idx" ON "activities"("lead_id", "at");

-- CreateIndex
CREATE UNIQUE INDEX "activities_workspace_id_key_key" ON "activities"("workspace_id", "key");

-- CreateIndex
CREATE INDEX "crm_writes_due_at_idx" ON "crm_writes"("due_at");

-- CreateIndex
CREATE INDEX "crm_contacts_to_read" ON "crm_contacts"("due_at") WHERE (due_at is not null);

-- CreateIndex
CREATE UNIQUE INDEX "webhook_endpoints_workspace_id_url_key" ON "webhook_endpoints"("workspace_id", "url");

-- CreateIndex
CREATE INDEX "webhook_deliveries_pending" ON "webhook_deliveries"("endpoint_id", "id") WHERE (state = 'pending');

-- CreateIndex
CREATE INDEX "webhook_deliveries_endpoint_id_id_idx" ON "webhook_deliveries"("endpoint_id", "id");

-- CreateIndex
CREATE INDEX "webhook_deliveries_event_id_idx" ON "webhook_deliveries"("event_id");

-- CreateIndex (of an expression, which schema.prisma can't name)
CREATE INDEX "leads_company_domain" ON "leads"("workspace_id", (regexp_replace(lower(coalesce(nullif(company ->> 'domain', ''), split_part(email, '@', 2))), '^www\.', '')));

-- CreateIndex
CREATE INDEX "leads_to_score" ON "leads"("score_due_at") WHERE (score_due_at is not null);

-- AddForeignKey
ALTER TABLE "activities" ADD CONSTRAINT "activities_lead_id_fkey" FOREIGN KEY ("lead_id") REFERENCES "leads"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "crm_writes" ADD CONSTRAINT "crm_writes_lead_id_fkey" FOREIGN KEY ("lead_id") REFERENCES "leads"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "webhook_deliveries" ADD CONSTRAINT "webhook_deliveries_endpoint_id_fkey" FOREIGN KEY ("endpoint_id") REFERENCES "webhook_endpoints"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "webhook_deliveries" ADD CONSTRAINT "webhook_deliveries_event_id_fkey" FOREIGN KEY ("event_id") REFERENCES "events"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- A lead by what its CRM calls it. The schema has no words for an index on expressions.
CREATE INDEX "leads_by_crm" ON "leads"("workspace_id", (crm ->> 'system'), (crm ->> 'id')) WHERE (crm is not null);
