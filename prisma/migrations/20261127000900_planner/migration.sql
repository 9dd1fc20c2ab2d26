-- Of the address only the zone is kept, which the next observation of an order tells; country and region go.
SELECT set_config('app.scope', 'migration', true);

UPDATE "orders" SET "document" = "document" #- '{header,countryCode}' #- '{header,regionCode}'
  WHERE "document" -> 'header' ? 'countryCode';
