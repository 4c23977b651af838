{{%AUTOESCAPE context="HTML"}}
{{! Cards of products somebody looked at before: scripts put them where the page has a place for them.}}
<ul class="cards is-shelf">{{>CARD}}</ul>
