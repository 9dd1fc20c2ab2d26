-- What waits on a release that has ended is planned again: found from the ended releases, of which there are few.
CREATE INDEX "releases_ended" ON "releases" ("ended_at") WHERE "state" <> 'live';
CREATE INDEX "sections_waiting" ON "sections" ("shop_id", "release_id") WHERE "state" = 'planned';
