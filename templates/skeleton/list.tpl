{{%AUTOESCAPE context="HTML"}}
{{! Notes, newest first, with the form to add one above them.}}
<h1>[[Notes]]</h1>
{{#FORM_ERROR}}<p class="alert is-bad" role="alert" data-field="{{FIELD}}">{{MESSAGE}}</p>{{/FORM_ERROR}}
<form method="post" action="{{BASE}}/skeleton" class="stack">
{{CSRF_FIELD:none}}
<label for="body">[[Note (required)]]</label>
<textarea class="input" id="body" name="body" maxlength="500" rows="3" required dir="auto">{{BODY_VALUE}}</textarea>
{{#BODY_INVALID}}<p class="field-error">{{BODY_ERROR}}</p>{{/BODY_INVALID}}
<button class="button" type="submit">[[Add note]]</button>
</form>
{{#EMPTY}}<p>[[Nothing yet. Add the first note.]]</p>{{/EMPTY}}
<ul class="stack">
{{#NOTE}}<li><p dir="auto">{{BODY}}</p><p class="muted">{{WRITTEN}}</p></li>{{/NOTE}}
</ul>
