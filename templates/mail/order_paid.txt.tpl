[[We have received your payment]]: {{NUMBER}} – {{TENANT_NAME}}

{{#GREET}}
[[Hello]] {{NAME}}
{{/GREET}}

[[Order]] {{NUMBER}}

[[Received]]: {{AMOUNT}}
{{#PART}}
[[Still to pay]]: {{DUE}}
{{/PART}}
{{#WHOLE}}
[[The order is paid. Thank you.]]
{{/WHOLE}}

{{#GUEST}}
[[Look at the order]]:
{{SHOP_URL}}/track/{{TOKEN}}
{{/GUEST}}
{{#OWNER}}
[[Look at the order]]:
{{SHOP_URL}}/account/orders/{{NUMBER}}
{{/OWNER}}
