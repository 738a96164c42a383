-- AlterTable
ALTER TABLE "leads" ADD COLUMN     "erased_at" TIMESTAMPTZ(3);

-- AlterTable
ALTER TABLE "term_versions" ADD COLUMN     "by_id" TEXT;

-- AlterTable
ALTER TABLE "terms" ADD COLUMN     "owner_id" TEXT;

-- AlterTable
ALTER TABLE "workspaces" ADD COLUMN     "set_up_at" TIMESTAMPTZ(3);

-- CreateTable
CREATE TABLE "erasures" (
    "workspace_id" TEXT NOT NULL,
    "fingerprint" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "erasures_pkey" PRIMARY KEY ("workspace_id","fingerprint")
);

-- CreateTable
CREATE TABLE "dropped_files" (
    "id" TEXT NOT NULL,
    "workspace_id" TEXT NOT NULL,
    "file_id" TEXT NOT NULL,
    "channel_id" TEXT NOT NULL,
    "ts" TEXT,
    "by_id" TEXT NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'offered',
    "hand_over" BOOLEAN NOT NULL DEFAULT false,
    "progress" JSONB NOT NULL DEFAULT '{}',
    "error" TEXT,
    "held_until" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "dropped_files_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "homes" (
    "workspace_id" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "opened_at" TIMESTAMPTZ(3) NOT NULL,
    "page" INTEGER NOT NULL DEFAULT 0,
    "shown" TEXT,
    "stamp" TEXT,
    "held_until" TIMESTAMPTZ(3),

    CONSTRAINT "homes_pkey" PRIMARY KEY ("workspace_id","user_id")
);

-- CreateTable
CREATE TABLE "bulletins" (
    "workspace_id" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "recipient" TEXT NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'pending',
    "due_at" TIMESTAMPTZ(3) NOT NULL,
    "held_until" TIMESTAMPTZ(3),
    "tries" INTEGER NOT NULL DEFAULT 0,
    "uncertain" BOOLEAN NOT NULL DEFAULT false,
    "channel_id" TEXT,
    "ts" TEXT,
    "error" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "bulletins_pkey" PRIMARY KEY ("workspace_id","key")
);

-- CreateTable
CREATE TABLE "term_proposals" (
    "id" TEXT NOT NULL,
    "workspace_id" TEXT NOT NULL,
    "term_id" TEXT NOT NULL,
    "base_version" INTEGER NOT NULL,
    "content" JSONB NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'open',
    "version" INTEGER,
    "proposed_by_id" TEXT,
    "proposed_at" TIMESTAMPTZ(3) NOT NULL,
    "withdrawn_by_id" TEXT,
    "withdrawn_at" TIMESTAMPTZ(3),
    "channel_id" TEXT,
    "ts" TEXT,
    "revision" INTEGER NOT NULL DEFAULT 1,
    "redraw_at" TIMESTAMPTZ(3),
    "uncertain" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "term_proposals_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "term_signatures" (
    "proposal_id" TEXT NOT NULL,
    "side" TEXT NOT NULL,
    "by_id" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "term_signatures_pkey" PRIMARY KEY ("proposal_id","side")
);

-- CreateIndex
CREATE INDEX "erasures_at_idx" ON "erasures"("at");

-- CreateIndex
CREATE INDEX "dropped_files_importing" ON "dropped_files"("workspace_id", "id") WHERE (state = 'importing');

-- CreateIndex
CREATE UNIQUE INDEX "dropped_files_workspace_id_file_id_key" ON "dropped_files"("workspace_id", "file_id");

-- CreateIndex
CREATE INDEX "homes_workspace_id_opened_at_idx" ON "homes"("workspace_id", "opened_at");

-- CreateIndex
CREATE INDEX "bulletins_pending" ON "bulletins"("due_at") WHERE (state = 'pending');

-- CreateIndex
CREATE INDEX "term_proposals_workspace_id_term_id_idx" ON "term_proposals"("workspace_id", "term_id");

-- CreateIndex
CREATE INDEX "term_proposals_to_redraw" ON "term_proposals"("redraw_at") WHERE (redraw_at is not null);

-- AddForeignKey
ALTER TABLE "term_signatures" ADD CONSTRAINT "term_signatures_proposal_id_fkey" FOREIGN KEY ("proposal_id") REFERENCES "term_proposals"("id") ON DELETE CASCADE ON UPDATE CASCADE;
