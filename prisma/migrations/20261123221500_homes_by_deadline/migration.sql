-- when what an open home shows changes by itself, since a deadline passes
ALTER TABLE "homes" ADD COLUMN "redraw_at" TIMESTAMPTZ(3);

-- what is late now: missed, and neither met nor called off
CREATE INDEX "timers_late" ON "timers"("workspace_id", "due_at") WHERE (state = 'missed' AND met_at IS NULL AND stopped_at IS NULL);
