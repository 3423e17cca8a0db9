-- In the order in which they came, whatever clocks say: a later one never takes a place before an earlier one.
local function enrol(name, id, at)
  if redis.call("ZSCORE", name, id) then return end
  local last = redis.call("ZRANGE", name, -1, -1, "WITHSCORES")[2]
  local score = last and math.max(at, tonumber(last) + 0.001) or at
  redis.call("ZADD", name, string.format("%.17g", score), id)
end
