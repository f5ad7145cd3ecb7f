-- For wrk: reads the path of the command line again and again, with tokens as in create.lua.
local made = 0
local run = os.time()

function request()
  made = made + 1
  local token = "sk_test_local0123456789"
  if os.getenv("ROTATE") then
    token = "sk_test_rotated" .. run .. "-" .. math.floor(made / 1000)
  end
  return wrk.format("GET", nil, {["Authorization"] = "Bearer " .. token})
end
