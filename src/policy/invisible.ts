/** Control and format characters, without the two that join letters and emoji. */
export const invisible = /(?!\u200c|\u200d|\s)[\p{Cc}\p{Cf}]/u;
