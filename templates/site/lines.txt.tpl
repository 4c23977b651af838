{{! For programs: no words of people.}}
{{SLOT_LINKS}}