/**
 * Fetches the words of the language, where that is not English, before any other module: some make their texts when they are
 * loaded. Then the app.
 */
import { begin } from './words/language.ts';
import './styles/tokens.css';
import './styles/fonts.css';
import './styles/base.css';

void begin(() => import('./start.ts'));
