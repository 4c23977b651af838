[[Your order]] {{NUMBER}} – {{TENANT_NAME}}

{{#GREET}}
[[Hello]] {{NAME}}
{{/GREET}}

[[Your order has reached us.]]
[[Order]] {{NUMBER}}

{{#ITEM}}
{{QUANTITY}} × {{ITEM_NAME}}{{#OPTIONS_SET}} ({{OPTIONS}}){{/OPTIONS_SET}}: {{AMOUNT}}
{{/ITEM}}
{{#SUM}}
{{LABEL}}: {{AMOUNT}}
{{/SUM}}
[[Total]]: {{TOTAL}}
{{#TAX_NOTE}}
{{TAX_TEXT}}
{{/TAX_NOTE}}

{{#PAYMENT}}
[[Payment]]: {{METHOD}}
{{/PAYMENT}}
{{#PROMISE}}
[[Arrives]] {{DAYS}}
{{/PROMISE}}

{{#ADDRESS}}
{{TEXT}}
{{/ADDRESS}}

{{#GUEST}}
[[Follow this order]]:
{{SHOP_URL}}/track/{{TOKEN}}
{{/GUEST}}
{{#OWNER}}
[[Follow this order]]:
{{SHOP_URL}}/account/orders/{{NUMBER}}
{{/OWNER}}
