{{%AUTOESCAPE context="HTML"}}
{{#GUEST}}<a class="bar-item" href="{{BASE}}/login" data-test="account"><svg class="icon" aria-hidden="true"><use href="{{ICONS}}#user-round"></use></svg><span>[[Sign in]]</span></a>{{/GUEST}}
{{#CUSTOMER}}<a class="bar-item" href="{{BASE}}/account" data-test="account"><svg class="icon" aria-hidden="true"><use href="{{ICONS}}#user-round"></use></svg><span>[[Account]]</span><span class="vh"> <bdi>{{NAME}}</bdi></span></a>{{/CUSTOMER}}
