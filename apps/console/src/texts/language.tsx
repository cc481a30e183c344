import { createContext, useCallback, useContext, useEffect, useMemo, useState, type ReactNode } from 'react';
import { en } from './en.js';
import { fill, type TextKey, type Values } from './fill.js';
import { ja } from './ja.js';

export const languages = { en: 'English', ja: '日本語' } as const;

export type Language = keyof typeof languages;

const catalogues: Record<Language, Record<TextKey, string>> = { en, ja };
const stored = 'kintsugi.language';

interface Spoken {
  language: Language;
  speak: (language: Language) => void;
}

const Speech = createContext<Spoken>({ language: 'en', speak: () => undefined });

/** The language of the reader: the one he chose, or that of his browser. */
function firstLanguage(): Language {
  const chosen = localStorage.getItem(stored) ?? navigator.language.slice(0, 2);
  return chosen === 'ja' ? 'ja' : 'en';
}

export function LanguageProvider({ children }: { children: ReactNode }) {
  const [language, choose] = useState(firstLanguage);
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  const speak = useCallback((next: Language) => {
    localStorage.setItem(stored, next);
    choose(next);
  }, []);
  const value = useMemo(() => ({ language, speak }), [language, speak]);
  return <Speech value={value}>{children}</Speech>;
}

export function useLanguage(): Spoken {
  return useContext(Speech);
}

export type Say = (key: TextKey, values?: Values) => string;

/** Says a text in the language of the reader. */
export function useTexts(): Say {
  const { language } = useContext(Speech);
  return useCallback((key, values) => fill(catalogues[language][key], values), [language]);
}
