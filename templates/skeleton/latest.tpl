{{%AUTOESCAPE context="HTML"}}
{{! The latest note, in the slot home.top.}}
<div class="flash is-info"><svg class="icon" aria-hidden="true"><use href="{{ICONS}}#info"></use></svg><p dir="auto">{{BODY}}</p></div>
