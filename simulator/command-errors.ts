/** Why a person does not get as far as an answer. */

/** The command is not in the picker: the bot has not registered it, or not with such options. */
export class CommandNotRegistered extends Error {
  override readonly name = 'CommandNotRegistered';
}

/** The command is registered, but not for this person: they lack its `default_member_permissions`. */
export class CommandNotAllowed extends Error {
  override readonly name = 'CommandNotAllowed';
}

/** The message has no such button or menu, or it is disabled. */
export class ComponentNotThere extends Error {
  override readonly name = 'ComponentNotThere';
}

/** "The application did not respond": three seconds went by. */
export class NoResponse extends Error {
  override readonly name = 'NoResponse';
}
