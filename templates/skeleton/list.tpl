{{%AUTOESCAPE context="HTML"}}
{{! Notes, newest first, with the form to add one above them. A refused form says so first, beside the field, and in
    the field's description; nothing typed is lost.}}
<h1>[[Notes]]</h1>
{{#FORM_ERRORS}}<div class="summary" role="alert" tabindex="-1" data-summary><h2>[[Something needs correcting]]</h2><ul>{{#FORM_ERROR}}<li><a href="#{{FIELD}}">{{MESSAGE}}</a></li>{{/FORM_ERROR}}</ul></div>{{/FORM_ERRORS}}
<form class="stack" method="post" action="{{BASE}}/skeleton" novalidate>
{{CSRF_FIELD:none}}
<div class="field">
<label for="body">[[Note (required)]]</label>
{{#BODY_INVALID}}<p class="error" id="body-error"><svg class="icon" aria-hidden="true"><use href="{{ICONS}}#circle-x"></use></svg><span>{{BODY_ERROR}}</span></p>{{/BODY_INVALID}}
<textarea class="textarea" id="body" name="body" maxlength="500" rows="3" required dir="auto"{{#BODY_INVALID}} aria-invalid="true" aria-describedby="body-error"{{/BODY_INVALID}}>{{BODY_VALUE}}</textarea>
</div>
<p><button class="button" type="submit">[[Add note]]</button></p>
</form>
{{#EMPTY}}<p class="empty">[[Nothing yet. Add the first note.]]</p>{{/EMPTY}}
<ul class="stack">
{{#NOTE}}<li><p dir="auto">{{BODY}}</p><p class="muted">{{WRITTEN}}</p></li>{{/NOTE}}
</ul>
