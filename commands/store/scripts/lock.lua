-- A lock moves: the lock, its audit entry, when it is due, the answer to who asked, and what its owner is told.
-- ARGV: prefix, key (see Lock.key), version before (0: none may hold), since when (of before), record ("": it goes), audit entry,
-- its seal, the seal's key, JSON of the rest (see locks.py).   Answers: "ok" | "stale" | "answered"
local prefix, target, version, since, record = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4]), ARGV[5]
local rest = cjson.decode(ARGV[9])
local locks, due = prefix .. "locks", "lk-" .. target

-- What has ended holds no more, though nobody has cleared it away yet.
local found = redis.call("HGET", locks, target)
local lock = found and cjson.decode(found)
if lock and version == 0 and lock["until"] <= rest.at then lock = nil end
if (lock and lock.version or 0) ~= version or (lock and lock.since ~= since) then return "stale" end
if rest.question and redis.call("GET", prefix .. "report:" .. rest.question.id) ~= rest.question.asked then return "answered" end

if record == "" then
  redis.call("HDEL", locks, target)
  redis.call("ZREM", prefix .. "due", due)
else
  redis.call("HSET", locks, target, record)
  redis.call("ZADD", prefix .. "due", rest.due, due)
end
append(prefix, ARGV[6], ARGV[7], ARGV[8])
if rest.question then
  redis.call("SET", prefix .. "report:" .. rest.question.id, rest.question.answered, "EX", rest.question.keep)
  redis.call("ZREM", prefix .. "due", rest.question.id)
  redis.call("ZADD", prefix .. "outbox:1", rest.at, rest.question.id)
  redis.call("PUBLISH", prefix .. "bell:outbox", rest.question.id)
end
-- The message of an operation whose hold is lifted offers again what the hold refused.
if rest.shows then
  redis.call("ZADD", prefix .. "outbox:1", "NX", rest.at, rest.shows)
  redis.call("PUBLISH", prefix .. "bell:outbox", rest.shows)
end
if rest.notice then tell(prefix, rest.notice) end
return "ok"
