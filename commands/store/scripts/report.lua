-- The answer to a question, and its outbox entry. ARGV: prefix, id, record, seconds kept, now
local prefix, id = ARGV[1], ARGV[2]
if redis.call("EXISTS", prefix .. "report:" .. id) == 0 then
  redis.call("ZREM", prefix .. "due", id)
  return 0
end
redis.call("SET", prefix .. "report:" .. id, ARGV[3], "EX", ARGV[4])
redis.call("ZREM", prefix .. "due", id)
redis.call("ZADD", prefix .. "outbox:1", ARGV[5], id)
redis.call("PUBLISH", prefix .. "bell:outbox", id)
return 1
