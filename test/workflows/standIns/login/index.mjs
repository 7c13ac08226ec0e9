const { INPUT_REGISTRY, INPUT_PASSWORD } = process.env;
if (!INPUT_REGISTRY || !INPUT_PASSWORD) throw new Error('there is no registry or no password to log in with');
