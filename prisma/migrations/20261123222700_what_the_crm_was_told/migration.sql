-- AlterTable
ALTER TABLE "attempts" ADD COLUMN     "crm_stamp" TEXT;
