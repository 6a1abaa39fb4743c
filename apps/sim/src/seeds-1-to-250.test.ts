import { describe } from 'vitest';
import { testSeeds } from './testing-seeds.ts';

describe('no saved change is lost, and all clients converge', () => testSeeds(1, 250));
