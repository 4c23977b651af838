[[Your password was changed]] – {{TENANT_NAME}}

[[Hello]] {{NAME}}

[[All other devices are signed out.]]

[[Choose a new password]]:
{{SHOP_URL}}/forgot

[[If it was not you, choose a new password at once.]]
