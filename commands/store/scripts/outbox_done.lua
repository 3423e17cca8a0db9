-- Give back what was taken; "again" (a time, or "") puts it back. Whoever lost the hold takes it from nobody, but may ask
-- for another look: one too many does no harm.
-- ARGV: prefix, id, token, level, again
local prefix, id, token, level, again = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5]
local function key(...) return prefix .. table.concat({...}, ":") end
if redis.call("HGET", key("outbox", "holders"), id) == token then
  redis.call("ZREM", key("outbox", "held"), id)
  redis.call("HDEL", key("outbox", "holders"), id)
end
-- Marked anew meanwhile: the sooner of the two times holds.
if again ~= "" then redis.call("ZADD", key("outbox", level), "LT", again, id) end
return 1
