{{%AUTOESCAPE context="HTML"}}
{{! The cart in the header, with how much is in it.}}
<a class="bar-item bar-cart" href="{{HREF}}" data-test="cart"><svg class="icon" aria-hidden="true"><use href="{{ICONS}}#shopping-bag"></use></svg><span>[[Cart]]</span>{{#FILLED}}<span class="count" aria-hidden="true">{{COUNT}}</span><span class="vh"> {{COUNT_TEXT}}</span>{{/FILLED}}</a>
