-- CreateTable
CREATE TABLE "workspaces" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "workspaces_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "users" (
    "id" TEXT NOT NULL,
    "workspace_id" TEXT NOT NULL,
    "slack_id" TEXT,
    "email" TEXT,
    "name" TEXT NOT NULL,
    "role" TEXT,
    "locale" TEXT NOT NULL DEFAULT 'en',
    "zone" TEXT,
    "external" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "users_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "leads" (
    "id" TEXT NOT NULL,
    "workspace_id" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "title" TEXT,
    "phone" TEXT,
    "company" JSONB NOT NULL DEFAULT '{}',
    "attributes" JSONB NOT NULL DEFAULT '{}',
    "source" TEXT,
    "crm" JSONB,
    "journey_stage" TEXT,
    "lifecycle_stage" TEXT NOT NULL,
    "lead_status" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "leads_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "handoffs" (
    "id" TEXT NOT NULL,
    "workspace_id" TEXT NOT NULL,
    "lead_id" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "status" TEXT NOT NULL,
    "lead_status" TEXT NOT NULL,
    "lifecycle_stage" TEXT NOT NULL,
    "lead_type" TEXT NOT NULL,
    "priority" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "owner_id" TEXT,
    "handed_off_by_id" TEXT,
    "agreement_version" INTEGER NOT NULL,
    "channel" TEXT NOT NULL,
    "returned" JSONB,
    "accepted_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "handoffs_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "events" (
    "id" BIGSERIAL NOT NULL,
    "workspace_id" TEXT NOT NULL,
    "handoff_id" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "type" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "by_id" TEXT,
    "data" JSONB NOT NULL DEFAULT '{}',

    CONSTRAINT "events_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "attempts" (
    "id" TEXT NOT NULL,
    "workspace_id" TEXT NOT NULL,
    "handoff_id" TEXT NOT NULL,
    "number" INTEGER NOT NULL,
    "channel" TEXT NOT NULL,
    "outcome" TEXT NOT NULL,
    "note" TEXT,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "by_id" TEXT,
    "counted" BOOLEAN NOT NULL,
    "why" JSONB NOT NULL,

    CONSTRAINT "attempts_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "timers" (
    "workspace_id" TEXT NOT NULL,
    "handoff_id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "due_at" TIMESTAMPTZ(3) NOT NULL,
    "met_at" TIMESTAMPTZ(3),
    "breached_at" TIMESTAMPTZ(3),
    "steps" JSONB NOT NULL,
    "wake_at" TIMESTAMPTZ(3),

    CONSTRAINT "timers_pkey" PRIMARY KEY ("handoff_id","kind")
);

-- CreateTable
CREATE TABLE "deliveries" (
    "id" BIGSERIAL NOT NULL,
    "workspace_id" TEXT NOT NULL,
    "stream" TEXT NOT NULL,
    "handoff_id" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "content" JSONB NOT NULL DEFAULT '{}',
    "in_thread" BOOLEAN NOT NULL DEFAULT false,
    "state" TEXT NOT NULL DEFAULT 'pending',
    "version" INTEGER NOT NULL DEFAULT 0,
    "channel_id" TEXT,
    "ts" TEXT,
    "tries" INTEGER NOT NULL DEFAULT 0,
    "uncertain" BOOLEAN NOT NULL DEFAULT false,
    "next_try_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "error" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "sent_at" TIMESTAMPTZ(3),

    CONSTRAINT "deliveries_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "delivery_leases" (
    "workspace_id" TEXT NOT NULL,
    "stream" TEXT NOT NULL,
    "holder" TEXT NOT NULL,
    "until" TIMESTAMPTZ(3) NOT NULL,
    "last_post_at" TIMESTAMPTZ(3),

    CONSTRAINT "delivery_leases_pkey" PRIMARY KEY ("workspace_id","stream")
);

-- CreateTable
CREATE TABLE "agreement_versions" (
    "workspace_id" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "source" TEXT NOT NULL,
    "in_force_from" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "agreement_versions_pkey" PRIMARY KEY ("workspace_id","version")
);

-- CreateTable
CREATE TABLE "terms" (
    "workspace_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "position" INTEGER NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "terms_pkey" PRIMARY KEY ("workspace_id","id")
);

-- CreateTable
CREATE TABLE "term_versions" (
    "workspace_id" TEXT NOT NULL,
    "term_id" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "content" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "term_versions_pkey" PRIMARY KEY ("workspace_id","term_id","version")
);

-- CreateTable
CREATE TABLE "api_keys" (
    "id" TEXT NOT NULL,
    "workspace_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "api_keys_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "idempotency_keys" (
    "workspace_id" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "fingerprint" TEXT NOT NULL,
    "handoff_id" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "idempotency_keys_pkey" PRIMARY KEY ("workspace_id","key")
);

-- CreateIndex
CREATE UNIQUE INDEX "users_workspace_id_slack_id_key" ON "users"("workspace_id", "slack_id");

-- CreateIndex
CREATE UNIQUE INDEX "users_workspace_id_email_key" ON "users"("workspace_id", "email");

-- CreateIndex
CREATE UNIQUE INDEX "leads_workspace_id_email_key" ON "leads"("workspace_id", "email");

-- CreateIndex
CREATE INDEX "handoffs_workspace_id_created_at_id_idx" ON "handoffs"("workspace_id", "created_at", "id");

-- CreateIndex
CREATE INDEX "handoffs_workspace_id_status_created_at_id_idx" ON "handoffs"("workspace_id", "status", "created_at", "id");

-- CreateIndex
CREATE INDEX "handoffs_lead_id_idx" ON "handoffs"("lead_id");

-- CreateIndex
CREATE UNIQUE INDEX "handoffs_one_open_per_lead" ON "handoffs"("workspace_id", "lead_id") WHERE (status = ANY (ARRAY['offered'::text, 'accepted'::text, 'connected'::text, 'qualified'::text]));

-- CreateIndex
CREATE INDEX "events_handoff_id_id_idx" ON "events"("handoff_id", "id");

-- CreateIndex
CREATE INDEX "events_workspace_id_at_idx" ON "events"("workspace_id", "at");

-- CreateIndex
CREATE UNIQUE INDEX "attempts_handoff_id_number_key" ON "attempts"("handoff_id", "number");

-- CreateIndex
CREATE INDEX "timers_to_wake" ON "timers"("wake_at", "handoff_id", "kind") WHERE (wake_at is not null);

-- CreateIndex
CREATE INDEX "deliveries_handoff_id_id_idx" ON "deliveries"("handoff_id", "id");

-- CreateIndex
CREATE INDEX "deliveries_pending" ON "deliveries"("workspace_id", "stream", "id") WHERE (state = 'pending');

-- CreateIndex
CREATE INDEX "deliveries_to_redraw" ON "deliveries"("workspace_id", "stream", "id") WHERE ((state = 'pending'::text) AND (kind = 'card'::text) AND (ts IS NOT NULL));

-- CreateIndex
CREATE UNIQUE INDEX "deliveries_workspace_id_key_key" ON "deliveries"("workspace_id", "key");

-- CreateIndex
CREATE UNIQUE INDEX "api_keys_hash_key" ON "api_keys"("hash");

-- CreateIndex
CREATE UNIQUE INDEX "api_keys_workspace_id_name_key" ON "api_keys"("workspace_id", "name");

-- AddForeignKey
ALTER TABLE "handoffs" ADD CONSTRAINT "handoffs_lead_id_fkey" FOREIGN KEY ("lead_id") REFERENCES "leads"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "events" ADD CONSTRAINT "events_handoff_id_fkey" FOREIGN KEY ("handoff_id") REFERENCES "handoffs"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "attempts" ADD CONSTRAINT "attempts_handoff_id_fkey" FOREIGN KEY ("handoff_id") REFERENCES "handoffs"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "timers" ADD CONSTRAINT "timers_handoff_id_fkey" FOREIGN KEY ("handoff_id") REFERENCES "handoffs"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "term_versions" ADD CONSTRAINT "term_versions_workspace_id_term_id_fkey" FOREIGN KEY ("workspace_id", "term_id") REFERENCES "terms"("workspace_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;
