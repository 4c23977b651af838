{{%AUTOESCAPE context="HTML"}}
{{! A list that is no category: a brand, what is on offer.}}
<header class="page-head">
<h1 dir="auto">{{HEADING}}</h1>
{{#FACE}}<span class="list-face">{{>PICTURE}}</span>{{/FACE}}
{{#ABOUT}}<p class="page-about" dir="auto">{{DESCRIPTION}}</p>{{/ABOUT}}
</header>
{{>LISTING}}
