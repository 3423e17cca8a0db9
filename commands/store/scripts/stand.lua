-- Where a record stands in Slack moves on, unless somebody moved it meanwhile.
-- ARGV: prefix, id, key, as it was read ("" for nothing), as it is to be, seconds kept
local name = ARGV[1] .. "delivery:" .. ARGV[2]
if (redis.call("HGET", name, ARGV[3]) or "") ~= ARGV[4] then return 0 end
redis.call("HSET", name, ARGV[3], ARGV[5])
redis.call("EXPIRE", name, ARGV[6])
return 1
