{{! For programs: no words of people.}}
self.kade = {{JSON}};
importScripts("{{SCRIPT}}");
