/** The emojis that people react with: the first row at once, the others after a press. */
export const quickEmojis = ['👍', '❤️', '😂', '🎉', '😮', '👀'] as const;

export const moreEmojis = [
  ...['😀', '😊', '😍', '🤔', '😢', '😡', '😴', '🤯', '🥳', '😅', '🙃', '😎'],
  ...['👎', '👏', '🙏', '💪', '👋', '🤝', '👌', '✌️', '🤞', '🙌', '🤷', '✍️'],
  ...['✅', '❌', '❓', '❗', '⭐', '🔥', '💡', '💯', '🚀', '🐛', '📌', '📎'],
  ...['🎨', '✏️', '🖼️', '📐', '⏰', '☕', '🍕', '🎂', '🌈', '🌱', '🏆', '🎯'],
] as const;
