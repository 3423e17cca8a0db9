-- What is due, each put off at once so that a second sweep does not do it again. ARGV: prefix, now, seconds, how many
local due = ARGV[1] .. "due"
local ids = redis.call("ZRANGEBYSCORE", due, "-inf", ARGV[2], "LIMIT", 0, ARGV[4])
for _, id in ipairs(ids) do redis.call("ZADD", due, "XX", ARGV[2] + ARGV[3], id) end
return ids
