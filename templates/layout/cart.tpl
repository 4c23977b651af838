{{%AUTOESCAPE context="HTML"}}
<a class="bar-item bar-cart" href="{{BASE}}/cart" data-test="cart"><svg class="icon" aria-hidden="true"><use href="{{ICONS}}#shopping-bag"></use></svg><span>[[Cart]]</span>{{#FILLED}}<span class="count" aria-hidden="true">{{COUNT}}</span><span class="vh"> {{COUNT_TEXT}}</span>{{/FILLED}}</a>
