-- For wrk: every request creates another user. The token changes, as some servers allow each only so many requests.
local made = 0
local run = os.time()

function request()
  made = made + 1
  local token = "sk_test_local0123456789"
  if os.getenv("ROTATE") then
    token = "sk_test_rotated" .. run .. "-" .. math.floor(made / 1000)
  end
  local body = string.format(
    '{"email_address":["u%d-%d@example.com"],"first_name":"First%d","last_name":"Last%d","external_id":"x-%d-%d",'
      .. '"public_metadata":{"plan":"pro","n":%d}}',
    run, made, made * 7919 % 5003, made * 104729 % 20011, run, made, made)
  local headers = {["Authorization"] = "Bearer " .. token, ["Content-Type"] = "application/json"}
  return wrk.format("POST", "/v1/users", headers, body)
end
