import { describe } from 'vitest';
import { testSeeds } from './testing-seeds.ts';

describe('nothing that was saved is lost, and everyone comes to the same', () => testSeeds(1, 250));
