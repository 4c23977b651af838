[[Confirm your new e-mail address]] – {{TENANT_NAME}}

[[Hello]] {{NAME}}

[[One click, and your account uses this address. The link is good for one day.]]

[[Use this address]]:
{{SHOP_URL}}/email/{{TOKEN}}

[[If it was not you, ignore this mail; nothing happens.]]
