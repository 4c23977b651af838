{{%AUTOESCAPE context="HTML"}}
{{! Where one is in the account. Entries come from the modules.}}
<nav class="account-menu" aria-label="[[Your account]]">
<ul>{{#ITEM}}<li><a href="{{HREF}}"{{#CURRENT}} aria-current="page"{{/CURRENT}}>{{LABEL}}</a></li>{{/ITEM}}</ul>
<form method="post" action="{{BASE}}/logout">{{CSRF_FIELD:none}}<button class="button is-quiet" type="submit" data-test="logout">[[Sign out]]</button></form>
</nav>
