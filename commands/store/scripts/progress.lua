-- Where a rollout is: beside the record, without a transition, and only by who holds the lease.
-- ARGV: prefix, id, lease name, lease token, progress, seconds kept, now
local prefix, id = ARGV[1], ARGV[2]
local function key(...) return prefix .. table.concat({...}, ":") end
if redis.call("GET", key("lease", ARGV[3])) ~= ARGV[4] then return 0 end
redis.call("SET", key("progress", id), ARGV[5], "EX", ARGV[6])
redis.call("ZADD", key("outbox", "2"), "NX", ARGV[7], id)
redis.call("PUBLISH", key("bell", "outbox"), id)
return 1
