-- One move of an operation: record, audit entry, due time, outbox mark and claim are written together or not at all.
-- ARGV: prefix, id, version before (0: it must not exist), record, audit entry, its seal, the seal's key,
-- JSON of the rest (see operations.py).
-- Answers: {"ok"} | {"stale"} | {"taken"} | {"lost"} | {"busy", holder} | {"seen", id}
local prefix, id, before, record, entry = ARGV[1], ARGV[2], tonumber(ARGV[3]), ARGV[4], ARGV[5]
local rest = cjson.decode(ARGV[8])
local function key(...) return prefix .. table.concat({...}, ":") end

-- All reads and refusals come first: a script that has written never refuses.
local seen = rest.seen and key("seen", rest.seen)
if seen then
  local earlier = redis.call("GET", seen)
  if earlier then return {"seen", earlier} end
end
local current = tonumber(redis.call("HGET", key("operation", id), "version") or "0")
if before == 0 and current ~= 0 then return {"taken"} end
if current ~= before then return {"stale"} end
if rest.lease and redis.call("GET", key("lease", rest.lease.name)) ~= rest.lease.token then return {"lost"} end
if rest.claim then
  local holder = redis.call("GET", key("claim", rest.claim))
  if holder and holder ~= id then return {"busy", holder} end
end

redis.call("HSET", key("operation", id), "version", rest.version, "record", record)
append(prefix, entry, ARGV[6], ARGV[7])
if seen then redis.call("SET", seen, id, "EX", rest.seen_seconds) end
if rest.unsee and redis.call("GET", key("seen", rest.unsee)) == id then redis.call("DEL", key("seen", rest.unsee)) end
if rest.claim then redis.call("SET", key("claim", rest.claim), id) end
if rest.hold then redis.call("HSET", key("locks"), rest.hold.key, rest.hold.record) end
if rest.release and redis.call("GET", key("claim", rest.release)) == id then redis.call("DEL", key("claim", rest.release)) end
local running, asked = key("running", rest.environment), key("asked", rest.environment, rest.requester)
if rest.claim then enrol(running, id, rest.at) else redis.call("ZREM", running, id) end
redis.call("ZREMRANGEBYSCORE", asked, "-inf", rest.at - rest.hour)
if rest.rejected then
  redis.call("ZREM", asked, id)
elseif rest.created > rest.at - rest.hour then
  enrol(asked, id, rest.created)
  redis.call("EXPIRE", asked, rest.hour)
end
if rest.due then
  redis.call("ZADD", key("due"), rest.due, id)
  redis.call("ZADD", key("flight"), rest.created, id)
else
  redis.call("ZREM", key("due"), id)
  redis.call("ZREM", key("flight"), id)
  redis.call("ZADD", key("ended"), rest.at, id)
  redis.call("EXPIRE", key("operation", id), rest.keep)
end
if rest.pending then
  redis.call("SADD", key("votes"), id)
  redis.call("PUBLISH", key("bell", "votes"), id)
else
  redis.call("SREM", key("votes"), id)
end
if rest.level then
  redis.call("ZADD", key("outbox", rest.level), rest.level == 0 and "LT" or "GT", rest.mark, id)
  redis.call("PUBLISH", key("bell", "outbox"), id)
end
if rest.notice then tell(prefix, rest.notice) end
for name, amount in pairs(rest.counters) do redis.call("HINCRBYFLOAT", key("counters"), name, amount) end
redis.call("PUBLISH", key("bell", "operation"), id)
return {"ok"}
