-- Begins a room's log with its first entry, unless it exists.
-- KEYS  meta, entries
-- ARGV  expires_at, epoch, the entry: nonce .. link .. sealed
-- Answers 1, or 0 when the log exists.

if redis.call('EXISTS', KEYS[1]) == 1 then
  return 0
end
local run = string.match(redis.call('INFO', 'server'), 'run_id:(%x+)')
local time = redis.call('TIME')
local at = string.format('%013.0f', tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000))
local no_origin = string.rep('\0', 32)
redis.call('HSET', KEYS[1], 'epoch', ARGV[2], 'base', 0, 'rules', 1, 'erased', 0, 'snapshot_offset', 0,
  'run', run, 'settles_at', 0)
redis.call('RPUSH', KEYS[2], string.sub(ARGV[3], 1, 8) .. at .. no_origin .. string.sub(ARGV[3], 9))
redis.call('PEXPIREAT', KEYS[1], ARGV[1])
redis.call('PEXPIREAT', KEYS[2], ARGV[1])
return 1
