[[Money is on its way back to you]]: {{NUMBER}} – {{TENANT_NAME}}

{{#GREET}}
[[Hello]] {{NAME}}
{{/GREET}}

[[Order]] {{NUMBER}}

[[We have given back]] {{AMOUNT}}
{{#WHY}}
{{REASON}}
{{/WHY}}

[[Your bank may take some days to show it.]]

{{#GUEST}}
[[Look at the order]]:
{{SHOP_URL}}/track/{{TOKEN}}
{{/GUEST}}
{{#OWNER}}
[[Look at the order]]:
{{SHOP_URL}}/account/orders/{{NUMBER}}
{{/OWNER}}
