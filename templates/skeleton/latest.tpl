{{%AUTOESCAPE context="HTML"}}
{{! The latest note, in the slot home.top.}}
<p class="notice" dir="auto">{{BODY}}</p>
