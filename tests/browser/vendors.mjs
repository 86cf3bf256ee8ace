// All that vendors' people meet, on one demonstration: it takes a while to start.
import './respondent.mjs';
import './first_view.mjs';
import './keyboard.mjs';
import './colleague.mjs';
import './evidence.mjs';
import './requests.mjs';
import './review.mjs';
