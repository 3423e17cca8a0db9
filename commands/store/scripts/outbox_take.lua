-- Hand out what must still reach Slack: finals (0) before other moves (1) before progress (2); one holder at a time.
-- ARGV: prefix, now, hold seconds, token.   Answers: {id, level, since} or {}
local prefix, now, hold, token = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), ARGV[4]
local function key(...) return prefix .. table.concat({...}, ":") end

-- What a dead publisher held goes back to the front.
for _, id in ipairs(redis.call("ZRANGEBYSCORE", key("outbox", "held"), "-inf", now)) do
  redis.call("ZREM", key("outbox", "held"), id)
  redis.call("HDEL", key("outbox", "holders"), id)
  redis.call("ZADD", key("outbox", "0"), now, id)
end
for level = 0, 2 do
  local waiting = key("outbox", tostring(level))
  for _, id in ipairs(redis.call("ZRANGEBYSCORE", waiting, "-inf", now, "LIMIT", 0, 50)) do
    if not redis.call("ZSCORE", key("outbox", "held"), id) then
      local since = redis.call("ZSCORE", waiting, id)
      for other = 0, 2 do redis.call("ZREM", key("outbox", tostring(other)), id) end
      redis.call("ZADD", key("outbox", "held"), now + hold, id)
      redis.call("HSET", key("outbox", "holders"), id, token)
      return {id, level, since}
    end
  end
end
return {}
