[[You have an account already]] – {{TENANT_NAME}}

[[Hello]] {{NAME}}

[[Somebody, most likely you, wanted to use this address. It belongs to your account already.]]

[[Sign in]]:
{{SHOP_URL}}/login

[[Forgot the password? The sign-in page helps.]]
[[If it was not you, ignore this mail; nothing happens.]]
