-- AlterTable
ALTER TABLE "dropped_files" ADD COLUMN "name" TEXT,
ADD COLUMN "columns" JSONB,
ADD COLUMN "bad_file_id" TEXT,
ADD COLUMN "due_at" TIMESTAMPTZ(3),
ADD COLUMN "tries" INTEGER NOT NULL DEFAULT 0,
ALTER COLUMN "state" SET DEFAULT 'dropped';

-- DropIndex
DROP INDEX "dropped_files_importing";

-- CreateIndex
CREATE INDEX "dropped_files_due" ON "dropped_files"("due_at") WHERE (due_at is not null);

-- CreateTable
CREATE TABLE "dropped_file_faults" (
    "file_id" TEXT NOT NULL,
    "row" INTEGER NOT NULL,
    "problem" TEXT NOT NULL,

    CONSTRAINT "dropped_file_faults_pkey" PRIMARY KEY ("file_id","row")
);

-- AddForeignKey
ALTER TABLE "dropped_file_faults" ADD CONSTRAINT "dropped_file_faults_file_id_fkey" FOREIGN KEY ("file_id") REFERENCES "dropped_files"("id") ON DELETE CASCADE ON UPDATE CASCADE;
