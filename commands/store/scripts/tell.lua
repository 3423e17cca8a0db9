-- Before other scripts: leaves a notice, once, to be posted. notice: {id, record, keep, at}, as notices.py makes it.
local function tell(prefix, notice)
  local name = prefix .. "notice:" .. notice.id
  if redis.call("EXISTS", name) == 1 then return end
  redis.call("SET", name, notice.record, "EX", notice.keep)
  redis.call("ZADD", prefix .. "outbox:1", notice.at, notice.id)
  if notice.due then redis.call("ZADD", prefix .. "due", notice.due, notice.id) end
  redis.call("PUBLISH", prefix .. "bell:outbox", notice.id)
end

