[[Choose a new password]] – {{TENANT_NAME}}

[[Hello]] {{NAME}}

[[You asked for a new password. The link is good for one hour, once.]]

[[Choose a new password]]:
{{SHOP_URL}}/reset/{{TOKEN}}

[[If it was not you, ignore this mail; nothing happens.]]
