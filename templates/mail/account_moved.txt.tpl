[[Your e-mail address was changed]] – {{TENANT_NAME}}

[[Hello]] {{NAME}}

[[Your account uses another address from now on. This is the last mail to this one.]]

[[Go to the shop]]:
{{SHOP_URL}}/

[[If it was not you, answer this mail at once.]]
