{{%AUTOESCAPE context="HTML"}}
{{! The country decides which fields an address has.}}
<div class="account">
{{>MENU}}
<div class="account-main">
<h1>[[Which country?]]</h1>
<ul class="account-links is-columns">{{#COUNTRY}}<li><a href="{{HREF}}">{{NAME}}</a></li>{{/COUNTRY}}</ul>
</div>
</div>
