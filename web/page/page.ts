/** The listener's page. */
document.title = 'Guildcast';
